"""Engines that write: rules, and models behind an interface."""
