"""The core of Kraftd Review: reading, reviewing and delivering documents, recorded in three stages."""
