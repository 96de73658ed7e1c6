"""The pages: one module a page, each with a builder; answer cards are plain HTML made here."""
