"""职责追溯: whose duty a measure is, what is on a unit, who works with whom."""
