"""What a PDF says of itself beyond WeasyPrint: PDF/UA-1 beside PDF/A-3a, and which report it is, in one packet.

PDF/A wants every property it does not know described, so the packet carries the description of each: of pdfuaid:part,
and of the report's date, its version, and the digest of the facts it stands on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias
from xml.sax.saxutils import escape

Foreign: TypeAlias = Any  # a thing of WeasyPrint, which has no types

REPORT = "http://ns.example.com/ribao/report/1.0/"
UNIVERSAL = ("PDF/UA identification schema", "http://www.aiim.org/pdfua/ns/id/", "pdfuaid")
OURS = ("Daily report identification schema", REPORT, "ribao")
PART = {"part": ("Integer", "Part of ISO 14289 this file conforms to")}
PROPERTIES = {
    "date": ("Text", "Date of the report, as 2024-03-29"),
    "version": ("Integer", "Version of the report of that date; 2 and later are errata"),
    "facts": ("Text", "SHA-256 of the attached facts.json, in hexadecimal"),
}
END = b"</rdf:RDF>"


def declare(metadata: Foreign, about: Mapping[str, str]) -> None:
    """Let WeasyPrint metadata declare PDF/UA-1 too, and what `about` says of the report (keys of PROPERTIES).

    ValueError, when written, where its packet is a strange one.
    """
    plain = metadata.generate_rdf_metadata

    def both(variant: str, version: int, conformance: str) -> bytes:
        packet: bytes = plain(variant, version, conformance)
        head, end, rest = packet.rpartition(END)
        if not end:
            raise ValueError("the metadata of this WeasyPrint has no rdf:RDF to add to")
        return head + _told(about).encode() + end + rest

    metadata.generate_rdf_metadata = both


def finish(_: Foreign, pdf: Foreign) -> None:
    """Mend what WeasyPrint leaves out: header cells say what they head, and an attached file is listed once."""
    if "AF" in pdf.catalog:
        pdf.catalog["AF"][:] = dict.fromkeys(pdf.catalog["AF"])
    for cell in pdf.objects:
        if isinstance(cell, dict) and cell.get("S") == "/TH":
            group = _parent(_parent(cell, pdf), pdf)
            cell["A"]["Scope"] = "/Column" if group.get("S") == "/THead" else "/Row"


def _parent(element: Foreign, pdf: Foreign) -> Foreign:
    return pdf.objects[int(element["P"].split()[0])]


def _told(about: Mapping[str, str]) -> str:
    schemas = _schema(UNIVERSAL, PART) + (_schema(OURS, PROPERTIES) if about else "")
    told = "".join(f"<ribao:{name}>{escape(value)}</ribao:{name}>" for name, value in sorted(about.items()))
    return (
        f'<rdf:Description rdf:about="" xmlns:pdfuaid="{UNIVERSAL[1]}" pdfuaid:part="1"/>\n'
        + (f'<rdf:Description rdf:about="" xmlns:ribao="{REPORT}">{told}</rdf:Description>\n' if about else "")
        + '<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"'
        ' xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"'
        ' xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">\n'
        f"<pdfaExtension:schemas><rdf:Bag>{schemas}</rdf:Bag></pdfaExtension:schemas></rdf:Description>\n"
    )


def _schema(named: tuple[str, str, str], properties: Mapping[str, tuple[str, str]]) -> str:
    title, space, prefix = named
    entries = "".join(
        f'<rdf:li rdf:parseType="Resource"><pdfaProperty:name>{name}</pdfaProperty:name>'
        f"<pdfaProperty:valueType>{kind}</pdfaProperty:valueType>"
        f"<pdfaProperty:category>internal</pdfaProperty:category>"
        f"<pdfaProperty:description>{said}</pdfaProperty:description></rdf:li>\n"
        for name, (kind, said) in properties.items()
    )
    return (
        f'<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>{title}</pdfaSchema:schema>'
        f"<pdfaSchema:namespaceURI>{space}</pdfaSchema:namespaceURI><pdfaSchema:prefix>{prefix}</pdfaSchema:prefix>\n"
        f"<pdfaSchema:property><rdf:Seq>{entries}</rdf:Seq></pdfaSchema:property></rdf:li>\n"
    )
