"""What a document is: its data and kinds, how its values are typed, compared and checked."""
