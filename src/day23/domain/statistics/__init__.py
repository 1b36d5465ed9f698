"""How sure a figure is: intervals, comparisons and the share of noise in them."""
