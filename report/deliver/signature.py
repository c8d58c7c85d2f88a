"""The house's signature on what is published: PAdES, put behind the PDF without changing a byte of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from report.errors import SigningError

FIELD = "ribao"


@dataclass(frozen=True, slots=True)
class Seal:
    """What the house signs with: PEM files of its certificate, of those that vouch for it, and of its private key."""

    certificate: Path
    chain: tuple[Path, ...]
    key: Path
    passphrase: str | None = field(default=None, repr=False)
    reason: str = ""


def signed(pdf: bytes, seal: Seal) -> bytes:
    """The PDF with a signature behind it: its own bytes come first, unchanged. Raises SigningError."""
    try:
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
        from pyhanko.sign import fields, signers
    except ModuleNotFoundError as error:
        raise SigningError(f"the package {error.name} is not installed; run: pip install 'ribao[sign]'") from error
    signer = _signer(seal)
    about = signers.PdfSignatureMetadata(
        field_name=FIELD, subfilter=fields.SigSeedSubFilter.PADES, md_algorithm="sha256", reason=seal.reason or None
    )
    held = BytesIO(pdf)
    signers.sign_pdf(IncrementalPdfFileWriter(held), about, signer=signer, in_place=True)
    data = held.getvalue()
    if not data.startswith(pdf):
        raise ValueError("the signature has changed the bytes before it")
    return data


def _signer(seal: Seal) -> Any:  # noqa: ANN401 (pyHanko's signer, which has no types here)
    from pyhanko import sign

    for path in (seal.certificate, *seal.chain, seal.key):
        if not path.is_file():
            raise SigningError(f"{path}: not there; see data/settings.toml › signing and $RIBAO_SIGNING_KEY")
    passphrase = None if seal.passphrase is None else seal.passphrase.encode()
    names = (str(seal.key), str(seal.certificate), [str(path) for path in seal.chain] or None)
    load: Any = sign.SimpleSigner.load
    signer = load(*names, key_passphrase=passphrase)
    if signer is None:
        raise SigningError(
            f"{seal.key}: cannot be used with {seal.certificate}; both must be PEM files, "
            "and the passphrase that of $RIBAO_SIGNING_PASSPHRASE"
        )
    return signer
