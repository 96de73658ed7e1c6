"""Settings: read from the environment, overridden by the command line, faults told in words."""

from pathlib import Path

import pytest

from ui.settings import SettingsError, read_settings


def test_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ZHENGWEN_STORE", raising=False)
    settings = read_settings()
    assert (settings.store, settings.host, settings.port) == (Path("store"), "127.0.0.1", 7860)
    assert settings.model is None
    assert settings.api_key is None


def test_environment_and_override(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHENGWEN_STORE", "elsewhere")
    monkeypatch.setenv("ZHENGWEN_PORT", "8000")
    monkeypatch.setenv("ZHENGWEN_MODEL", "")
    settings = read_settings(port=9000, store=None)
    assert (settings.store, settings.port, settings.model) == (Path("elsewhere"), 9000, None)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("ZHENGWEN_PORT", "abc", "不是整数"),
        ("ZHENGWEN_PORT", "70000", "太大"),
        ("ZHENGWEN_PORT", "-1", "太小"),
        ("ZHENGWEN_SPARQL_SECONDS", "0", "太小"),
        ("ZHENGWEN_API_KEY", "short", "太短"),
    ],
)
def test_fault_names_the_variable(monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert name in caught.value.what
    assert told in caught.value.what
    assert name in caught.value.remedy


def test_a_secret_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHENGWEN_API_KEY", "short")
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert "short" not in str(caught.value)
    monkeypatch.setenv("ZHENGWEN_API_KEY", "a-long-enough-secret")
    assert "a-long-enough-secret" not in repr(read_settings())
