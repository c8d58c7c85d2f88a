"""The house's signature: put behind the PDF, which stays what it was, and which the levels still hold for."""

from __future__ import annotations

import io
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from report import pipeline
from report.deliver.archive import Archive
from report.deliver.manifest import digest
from report.errors import SigningError
from report.pipeline import publishing, trail
from report.workspace import Workspace
from tests import verapdf

DAY = pipeline.SAMPLE
NOW = datetime(2024, 3, 28, 23, 50, tzinfo=UTC)


@pytest.fixture
def signing(workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings that ask for a signature, the certificate of an invented house, its key outside; gives the key."""
    certificate, key = workspace.root / "data" / "house.pem", tmp_path / "key.pem"
    command = "openssl req -x509 -newkey rsa:2048 -days 3650 -subj /CN=demo.example.com -passout pass:demo"
    usage = ["-addext", "keyUsage=critical,digitalSignature,nonRepudiation"]
    subprocess.run([*command.split(), *usage, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    settings = workspace.root / "data" / "settings.toml"
    asked = '\n[signing]\ncertificate = "data/house.pem"\nreason = "示例期货研究所发布"\n'
    settings.write_text(settings.read_text("utf-8") + asked, encoding="utf-8")
    monkeypatch.setenv("RIBAO_SIGNING_KEY", str(key))
    monkeypatch.setenv("RIBAO_SIGNING_PASSPHRASE", "demo")
    return key


@pytest.fixture
def house(workspace: Workspace, signing: Path):
    opened = pipeline.open_house(workspace)
    yield opened
    opened.history.close()


def state(pdf: bytes):
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    trust = ValidationContext(trust_roots=[signature.signer_cert], allow_fetching=False)
    return validate_pdf_signature(signature, trust)


def test_a_signed_report_keeps_its_bytes_and_can_be_made_again(house, workspace) -> None:
    told = publishing.publish(house, DAY, "示例审核", NOW).manifest
    pdf = Archive("archive", workspace.root).publication(DAY).pdf
    assert told.unsigned.size < len(pdf)
    assert digest(pdf[: told.unsigned.size]) == told.unsigned.sha256
    assert state(pdf).bottom_line
    assert not state(pdf[:2000] + bytes([pdf[2000] ^ 1]) + pdf[2001:]).intact
    assert trail.rebuild(house, DAY)[0].differing == ()
    kept = b"".join(path.read_bytes() for path in (workspace.root / "archive").rglob("*") if path.is_file())
    assert b"PRIVATE KEY" not in kept


@pytest.mark.soak
def test_a_signed_report_is_still_pdf_a_3a_and_pdf_ua_1(house, workspace, tmp_path) -> None:
    if why := verapdf.lacking():
        pytest.skip(f"veraPDF: {why}")
    publishing.publish(house, DAY, "示例审核", NOW)
    pdf = Archive("archive", workspace.root).publication(DAY).pdf
    path = tmp_path / "signed.pdf"
    path.write_bytes(pdf)
    assert verapdf.broken("3a,ua1", [path]) == [("3a", []), ("ua1", [])]


def test_a_signature_without_its_key_is_one_message_before_anything_is_made(house, monkeypatch) -> None:
    monkeypatch.delenv("RIBAO_SIGNING_KEY")
    with pytest.raises(SigningError, match="RIBAO_SIGNING_KEY"):
        publishing.publish(house, DAY, "示例审核", NOW)


@pytest.mark.parametrize(("name", "value"), [("RIBAO_SIGNING_PASSPHRASE", "wrong"), ("RIBAO_SIGNING_KEY", "/nowhere")])
def test_a_key_that_does_not_open_is_one_message_and_shows_no_passphrase(house, monkeypatch, name, value) -> None:
    monkeypatch.setenv(name, value)
    seal = publishing.signing(house)
    assert seal is not None
    assert "demo" not in repr(seal)
    with pytest.raises(SigningError, match=r"cannot be used|not there") as caught:
        publishing.signature.signed(b"%PDF-1.7", seal)
    assert "wrong" not in str(caught.value)
