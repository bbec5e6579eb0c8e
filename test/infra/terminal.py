"""Types a command and a paste into an interactive shell on a pseudo terminal, and prints what the terminal shows.

terminal.py FOLDER_OF_PROGRAMS COMMAND PASTE SHELL [ARGUMENT ...]
"""

import fcntl
import os
import pty
import re
import select
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


def wait_for(pattern: str, start: int, pressed_again: str = "") -> int:
    """After a second of silence presses again: a shell drops what comes while it handles Ctrl-C."""
    while (found := re.compile(pattern).search(shown, start)) is None:
        if pressed_again and not select.select([terminal], [], [], 1)[0]:
            os.write(terminal, pressed_again.encode())
        elif not read():
            sys.exit(f"the shell ended before {pattern}: {shown}")
    return found.end()


start = wait_for("READY> ", 0)
os.write(terminal, f"{command}\n".encode())
start = wait_for("[\r\n]Paste the key[^\n]*: ", start)
os.write(terminal, paste.encode())
start = wait_for("READY> ", start, "\x03" if paste.endswith("\x03") else "")
# Whatever was left of the paste, the shell would run before this.
os.write(terminal, b"echo DO''NE\n")
wait_for("DONE", start, "echo DO''NE\n")
os.close(terminal)
os.waitpid(process, 0)
print(shown)
