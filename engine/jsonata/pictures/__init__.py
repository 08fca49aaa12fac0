"""Picture strings of JSONata 2.2: numbers, integers and times, to and from text. Pure functions, bounded in time."""
