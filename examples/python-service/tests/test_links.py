import pytest

from shortener.links import ALPHABET, InvalidAddressError, Links, short_name


def test_the_same_address_gets_the_same_name() -> None:
    assert short_name("https://example.com/a") == short_name("https://example.com/a")


@pytest.mark.parametrize("length", [1, 7, 12])
def test_a_name_has_the_asked_length_and_known_letters(length: int) -> None:
    name = short_name("https://example.com", length)
    assert len(name) == length
    assert set(name) <= set(ALPHABET)


def test_an_added_address_is_found() -> None:
    links = Links()
    assert links.find(links.add("https://example.com/long")) == "https://example.com/long"


@pytest.mark.parametrize("address", ["", "example.com", "ftp://example.com", "javascript:alert(1)", "https://"])
def test_what_is_no_web_address_is_refused(address: str) -> None:
    with pytest.raises(InvalidAddressError):
        Links().add(address)
