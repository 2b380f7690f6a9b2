"""Judge a reading: rules that are values, the facts they look at, and the highest disposition that they ask for."""
