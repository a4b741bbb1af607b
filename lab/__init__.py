"""The laboratory: data, training and measuring; nothing in the product imports it."""
