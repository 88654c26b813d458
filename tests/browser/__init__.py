"""Each main job walked in a real browser, on a phone's screen and on a desk's."""
