"""The records of the stages: what they hold, how they are chained, signed and carried away."""
