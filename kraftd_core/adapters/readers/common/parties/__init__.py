"""Who the parties of a document are, by kind: whose paper it is, whom its labels name, and what is no name."""
