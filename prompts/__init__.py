"""What a language model reads, as Markdown files; empty while no language model is an option."""
