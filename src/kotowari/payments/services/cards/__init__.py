"""The commands of card payments: begun, asked about, settled, refunded.

What the processor is called for happens outside every transaction: recorded before, settled after.
"""
