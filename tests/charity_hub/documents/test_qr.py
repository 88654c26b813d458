from xml.etree import ElementTree

import pytest

from charity_hub.documents.qr import svg

ADDRESS = "https://hub.example/verify/0123456789AB/"


@pytest.mark.parametrize("text", [ADDRESS, "</svg><script>alert(1)</script>"])
def test_a_qr_code_is_a_drawing_of_one_path_and_nothing_else(text: str) -> None:
    """No words of ``text``, no script, no style: only squares, which no markup in it can leave."""
    picture = ElementTree.fromstring(svg(text))  # noqa: S314 - our own drawing
    assert [one.tag.rpartition("}")[2] for one in picture.iter()] == ["svg", "path"]
    assert set(picture.attrib) == {"class", "viewBox"}
    assert set(picture[0].attrib) <= {"d", "stroke", "transform"}
    assert set(picture[0].attrib["d"]) <= set("Mmhv0123456789.- ")


def test_another_address_is_another_drawing() -> None:
    assert svg(ADDRESS) != svg(ADDRESS.replace("AB/", "AC/"))
