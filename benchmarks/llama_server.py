"""Serves a GGUF file by llama.cpp, speaking OpenAI's protocol; runs in an environment of its own, see `make real-model`.

Prints its address and goes on until its standard input ends.
"""

import sys

import xllamacpp  # type: ignore[import-not-found]

CONTEXT = 4096


def main() -> None:
    wanted = xllamacpp.CommonParams()
    wanted.model.path = sys.argv[1]
    wanted.n_ctx, wanted.n_parallel = CONTEXT, 1
    wanted.port = 0
    for threads in (wanted.cpuparams, wanted.cpuparams_batch):
        threads.n_threads = (
            1  # two of them wait for each other where the machine is busy: 2 tokens/s instead of 80
        )
    server = xllamacpp.Server(wanted)
    sys.stdout.write(f"{server.listening_address}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
