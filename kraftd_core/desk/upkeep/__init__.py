"""What runs beside the stages: health, house-keeping, how the engines stand, and what the chosen store has not confirmed."""
