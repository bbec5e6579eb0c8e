"""Types a command and a paste into an interactive shell on a pseudo terminal, and prints what the terminal shows.

terminal.py FOLDER_OF_PROGRAMS COMMAND PASTE SHELL [ARGUMENT ...]
"""

import fcntl
import os
import pty
import re
import signal
import struct
import sys
import termios

programs, command, paste, *shell = sys.argv[1:]
# A shell that waits for more must not wait for ever.
signal.alarm(60)
os.environ |= {"PS1": "READY> ", "TERM": "dumb", "PATH": f"{programs}:{os.environ['PATH']}"}
process, terminal = pty.fork()
if process == 0:
    os.execvp(shell[0], shell)
# So wide that no line is wrapped.
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 4000, 0, 0))
shown = ""


def read() -> bool:
    global shown
    try:
        data = os.read(terminal, 65536)
    except OSError:
        return False
    shown += data.decode(errors="replace")
    return data != b""


def wait_for(pattern: str, start: int) -> int:
    while (found := re.compile(pattern).search(shown, start)) is None:
        if not read():
            sys.exit(f"the shell ended before {pattern}: {shown}")
    return found.end()


start = wait_for("READY> ", 0)
os.write(terminal, f"{command}\n".encode())
start = wait_for("[\r\n]Paste the key[^\n]*: ", start)
os.write(terminal, paste.encode())
wait_for("READY> ", start)
os.write(terminal, b"exit\n")
while read():
    pass
os.waitpid(process, 0)
print(shown)
