"""Telegram in, Telegram out; and the same conversation in a terminal."""
