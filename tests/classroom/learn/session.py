"""session.py [STEP ...] -- COMMAND ...: COMMAND on a terminal of 80 columns,
with somebody at it.

A step is
  wait:TEXT     until the terminal shows TEXT, behind what was waited for last
  run:COMMAND   a command of the shell, elsewhere
  columns:N     the window gets another width
  key:KEYS      keys that are pressed; ^C is one

What the terminal showed is printed, with the command's status. A session that
does not come to its end has status 99.
"""
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time

PATIENCE_SECONDS = 60  # for a machine that is busy with others


class Session:
    def __init__(self, command):
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            # For the parent to set its size first.
            signal.sigwait({signal.SIGUSR1})
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGUSR1})
            os.execvp(command[0], command)
        self.printed = b''
        self.seen = 0
        self.is_open = True

    def columns(self, count):
        size = struct.pack('HHHH', 24, int(count), 0, 0)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, size)

    def key(self, keys):
        os.write(self.terminal, keys.replace('^C', '\x03').encode())

    def run(self, command):
        subprocess.run(command, shell=True, check=True)

    def wait(self, text):
        wanted = text.encode()
        end = time.monotonic() + PATIENCE_SECONDS
        while wanted not in self.printed[self.seen:]:
            if not self.is_open or time.monotonic() > end:
                raise TimeoutError(text)
            self.read()
        self.seen = self.printed.index(wanted, self.seen) + len(wanted)

    def read(self):
        if not select.select([self.terminal], [], [], 1)[0]:
            return
        try:
            data = os.read(self.terminal, 65536)
        except OSError:  # Linux's end of a terminal
            data = b''
        self.is_open = data != b''
        self.printed += data.replace(b'\r\n', b'\n')

    def end(self):
        end = time.monotonic() + PATIENCE_SECONDS
        while self.is_open and time.monotonic() < end:
            self.read()
        if self.is_open:
            raise TimeoutError('its end')
        return os.waitstatus_to_exitcode(os.waitpid(self.child, 0)[1])


def main(words):
    at = words.index('--')
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
    session = Session(words[at + 1:])
    session.columns(80)
    os.kill(session.child, signal.SIGUSR1)
    try:
        for step in words[:at]:
            name, argument = step.split(':', 1)
            getattr(session, name)(argument)
        status = session.end()
    except TimeoutError as what:
        print(f'waited in vain for {what}', file=sys.stderr)
        os.kill(session.child, signal.SIGKILL)
        status = 99
    sys.stdout.buffer.write(session.printed)
    return status


sys.exit(main(sys.argv[1:]))
