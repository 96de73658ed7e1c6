"""Figures of a clause: sums, rates, dates and terms, what each is for, and whom it concerns."""
