"""The closed namespaces of the graph: a mistyped term is an error, not a new property.

Terms are pyoxigraph nodes, ready for the store. What each of our own (`POL`) terms means is
declared in data/ontology/pol.ttl; a test holds the two lists equal.
"""

from pyoxigraph import NamedNode

DEFAULT_BASE = "https://zhengwen.example/id"


class VocabularyError(AttributeError):
    """A term that its vocabulary does not have."""


class Namespace:
    """A closed vocabulary: ``POL.leadUnit`` is a node, ``POL.leedUnit`` raises VocabularyError."""

    def __init__(self, iri: str, terms: str) -> None:
        self.iri = iri
        self._nodes = {term: NamedNode(iri + term) for term in terms.split()}
        self.__dict__.update(
            {term: node for term, node in self._nodes.items() if not hasattr(type(self), term)}
        )

    def __getattr__(self, term: str) -> NamedNode:
        """Raise VocabularyError: the terms that there are stand among the attributes."""
        return self[term]

    def __getitem__(self, term: str) -> NamedNode:
        try:
            return self._nodes[term]
        except KeyError:
            raise VocabularyError(f"词汇表 {self.iri} 中没有“{term}”") from None

    def __contains__(self, term: object) -> bool:
        return term in self._nodes

    @property
    def terms(self) -> frozenset[str]:
        """The local names of all terms."""
        return frozenset(self._nodes)


RDF = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "type")
XSD = Namespace("http://www.w3.org/2001/XMLSchema#", "boolean date dateTime decimal integer string")
# European Legislation Identifier, https://op.europa.eu/en/web/eu-vocabularies/eli
ELI = Namespace(
    "http://data.europa.eu/eli/ontology#",
    "LegalResource LegalExpression LegalResourceSubdivision Format type_document title id_local number"
    " passed_by date_document date_no_longer_in_force first_date_entry_in_force in_force jurisdiction"
    " is_annex_of is_part_of is_realized_by is_embodied_by language cites based_on applies repeals amends"
    " InForce-inForce InForce-notInForce",
)
# Core Public Service Vocabulary, https://data.europa.eu/m8g/
CPSV = Namespace("http://purl.org/vocab/cpsv#", "PublicService")
CV = Namespace(
    "http://data.europa.eu/m8g/",
    "PublicOrganisation Participation Requirement role hasParticipation hasParticipant hasLegalResource"
    " holdsRequirement",
)
ORG = Namespace(
    "http://www.w3.org/ns/org#",
    "Organization ChangeEvent subOrganizationOf changedBy originalOrganization resultingOrganization",
)
SKOS = Namespace(
    "http://www.w3.org/2004/02/skos/core#",
    "Concept ConceptScheme prefLabel altLabel hiddenLabel inScheme member notation",
)
PROV = Namespace("http://www.w3.org/ns/prov#", "Agent Plan wasDerivedFrom wasAttributedTo generatedAtTime")
OA = Namespace(
    "http://www.w3.org/ns/oa#",
    "SpecificResource TextPositionSelector TextQuoteSelector hasSource hasSelector start end exact",
)
DCT = Namespace(
    "http://purl.org/dc/terms/", "Location PeriodOfTime audience date description source valid AgentClass"
)
SCHEMA = Namespace(
    "https://schema.org/",
    "MonetaryAmount QuantitativeValue value minValue maxValue currency unitCode unitText startDate endDate",
)
ROLE = Namespace("https://zhengwen.example/def/role#", "lead responsible support oversight")
POL = Namespace(
    "https://zhengwen.example/def/pol#",
    "Incentive Task Rule Target UnitGroup FundingShare Reference"
    " source label locator order status verbatim sha256 inferred gist addressee"
    " leadUnit responsibleUnit supportUnit oversightUnit written note inJurisdiction"
    " quantity printed kind role bound periodicity payer cap stage confidence deadline"
    " fundingShare ratio reference relation citedTitle cited"
    " ordinal reason Review review decision before",
)

# Prefixes for queries and serialisations, by the usual short names.
PREFIXES: tuple[tuple[str, str], ...] = (
    ("rdf", RDF.iri),
    ("rdfs", "http://www.w3.org/2000/01/rdf-schema#"),
    ("xsd", XSD.iri),
    ("eli", ELI.iri),
    ("cpsv", CPSV.iri),
    ("cv", CV.iri),
    ("org", ORG.iri),
    ("skos", SKOS.iri),
    ("prov", PROV.iri),
    ("oa", OA.iri),
    ("dct", DCT.iri),
    ("schema", SCHEMA.iri),
    ("role", ROLE.iri),
    ("pol", POL.iri),
    ("type", "https://zhengwen.example/def/type#"),
)
