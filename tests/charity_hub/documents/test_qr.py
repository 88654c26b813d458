from charity_hub.documents.qr import svg


def test_a_qr_code_is_a_picture_without_script_or_style() -> None:
    picture = svg("https://hub.example/verify/0123456789AB/")
    assert picture.startswith("<svg")
    assert "style" not in picture
    assert "<script" not in picture


def test_what_is_encoded_cannot_break_out_of_the_picture() -> None:
    assert "<script" not in svg("</svg><script>alert(1)</script>")
