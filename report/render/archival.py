"""What a PDF says of itself beyond WeasyPrint: PDF/UA-1 beside PDF/A-3a, in one metadata packet.

PDF/A wants every property it does not know described, so the packet carries the description of pdfuaid:part too.
"""

from __future__ import annotations

from typing import Any, TypeAlias

Foreign: TypeAlias = Any  # a thing of WeasyPrint, which has no types

UNIVERSAL = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 this file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""
END = b"</rdf:RDF>"


def declare(metadata: Foreign) -> None:
    """Let WeasyPrint metadata declare PDF/UA-1 too; ValueError, when written, where its packet is a strange one."""
    plain = metadata.generate_rdf_metadata

    def both(variant: str, version: int, conformance: str) -> bytes:
        packet: bytes = plain(variant, version, conformance)
        head, end, rest = packet.rpartition(END)
        if not end:
            raise ValueError("the metadata of this WeasyPrint has no rdf:RDF to add to")
        return head + UNIVERSAL + end + rest

    metadata.generate_rdf_metadata = both
