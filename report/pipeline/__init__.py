"""The corridor: the one place that knows the order of the rooms.

    read -> derive -> check -> (gate) -> compose -> render -> kept in history -> laid in the outbox

house opens a workspace, inputs brings files in, samples makes a new workspace, building makes the report, checking only
looks, waiving lets a warning pass, publishing lays the report into the archive (imprint sets it, keeping says what it
was made of), trail shows what lies there, sending takes it to the clients, noting makes a research note. A new walk
through the rooms is a module here, and its name below; one that few commands need is imported where it is used.
"""

from report.pipeline.building import Built, build
from report.pipeline.checking import Checked, as_data, check, lay_proof
from report.pipeline.house import House, listing, open_house
from report.pipeline.inputs import ingest, new
from report.pipeline.samples import SAMPLE, init
from report.pipeline.waiving import waive

__all__ = [
    "SAMPLE",
    "Built",
    "Checked",
    "House",
    "as_data",
    "build",
    "check",
    "ingest",
    "init",
    "lay_proof",
    "listing",
    "new",
    "open_house",
    "waive",
]
