"""What generated code calls: the rules of JSONata on values, each where its name says.

Absent is None everywhere. The null of JSON is `NULL` where an expression has to tell them apart, and None where null
means absent. A list is a plain list, or one of the marked lists of `values`.
"""
