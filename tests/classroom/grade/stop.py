"""stop.py HERE SIGNAL STATUS CONDITION COMMAND...: starts COMMAND with its
output in HERE/out and HERE/err, waits until CONDITION holds, sends it SIGNAL,
and wants it to exit with STATUS. Empty arguments of COMMAND are left out."""
import signal
import subprocess
import sys
import time

here, number, status, condition = sys.argv[1:5]
command = [word for word in sys.argv[5:] if word]
# A shell's background ignores it, and so would whoever is started there.
signal.signal(signal.SIGINT, signal.default_int_handler)


def read(name):
    try:
        with open(f'{here}/{name}', encoding='utf-8') as file:
            return file.read()
    except FileNotFoundError:
        return ''


with open(f'{here}/out', 'w') as out, open(f'{here}/err', 'w') as err:
    it = subprocess.Popen(command, stdout=out, stderr=err,
                          stdin=subprocess.DEVNULL)
for _ in range(6000):
    if eval(condition):
        break
    if it.poll() is not None:
        sys.exit(f'it has ended: {it.returncode}')
    time.sleep(0.01)
else:
    it.terminate()
    sys.exit('waited for nothing')
it.send_signal(getattr(signal, f'SIG{number}'))
sys.exit(it.wait(60) != int(status))
