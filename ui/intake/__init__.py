"""Taking documents in and changing the store: every change ends in one published generation, or in none."""

from ui.intake.changing import alter, remove, roll_back, start
from ui.intake.report import Report, Row
from ui.intake.taking import ingest

__all__ = ["Report", "Row", "alter", "ingest", "remove", "roll_back", "start"]
