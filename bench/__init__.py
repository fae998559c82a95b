"""How good and how fast Quoth is, measured side by side with the stock pipeline."""
