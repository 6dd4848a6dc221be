"""The demo's card gateway: a process of its own that behaves as card processors do, in good and in bad weather.

It stands for somebody else's system: it shares no code with the market but the seal on its messages, keeps its own
book in a file, and can be told to be slow, to lose answers, and to send its messages twice, late or out of order.
No card number is real, and none leaves this machine.
"""
