"""terminal.py COMMAND...: what COMMAND prints on a terminal, with its status."""
import os
import pty
import sys


def read_all(descriptor):
    printed = b''
    while True:
        try:
            data = os.read(descriptor, 65536)
        except OSError:  # Linux's end of a terminal
            return printed
        if not data:
            return printed
        printed += data


child, terminal = pty.fork()
if child == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
sys.stdout.buffer.write(read_all(terminal).replace(b'\r\n', b'\n'))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
