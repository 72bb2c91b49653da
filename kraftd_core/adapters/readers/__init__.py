"""What reads documents."""
