#!/usr/bin/env python3
"""Measures SignupServer with one site and with a thousand, and nginx beside it, and prints a table: requests a second for the same page of 10 kB
on the same machine.

  serve.py [--server FILE] [--seconds N] [--runs N] [--sites N]

They are asked in turn, so that a busy minute hits all, with 64 connections that are kept. All look at the disk for every request, so a
publish is seen at once. wrk, the clients, runs on the same processors. The middle of all runs counts.
"""
import argparse
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from statistics import median

ROOT = pathlib.Path(__file__).resolve().parents[1]
PAGE = b"<!doctype html><title>Page</title>" + b"<p>The quick brown fox jumps over the lazy dog.</p>\n" * 196


def main():
    options = arguments()
    for program in ("wrk", "nginx"):
        if not shutil.which(program):
            sys.exit(f"{program} is missing: apt-get install {program}")
    work = pathlib.Path(tempfile.mkdtemp(prefix="benchmark-serve-"))
    # A stopped benchmark cleans up as a finished one does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    processes = []
    try:
        many = f"SignupServer, {options.sites} sites"
        ports = {name: free_port() for name in ("SignupServer", "nginx", many)}
        for folder, count in ((work / "one", 1), (work / "many", options.sites)):
            make_sites(folder, count)
        # nginx's workers are another user.
        work.chmod(0o755)
        processes.append(start_server(options.server, work / "one", ports["SignupServer"]))
        processes.append(start_nginx(work / "one", ports["nginx"]))
        processes.append(start_server(options.server, work / "many", ports[many]))
        for port in ports.values():
            wait_for(port)
        results = {name: [] for name in ports}
        for _ in range(options.runs):
            for name, port in ports.items():
                results[name].append(measure(port, options.seconds))
        show(results, many, resident(processes[2].pid), options)
    finally:
        for process in processes:
            process.terminate()
            process.wait(timeout=20)
        shutil.rmtree(work, ignore_errors=True)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--server", default=str(ROOT / ".build" / "release" / "SignupServer"))
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--sites", type=int, default=1000, help="how many sites the second server has; one is asked")
    return parser.parse_args()


def make_sites(work, count):
    output = work / "output"
    (output / ".hosts").mkdir(parents=True)
    for number in range(count):
        name = f"site{number}"
        release = output / ".releases" / name / "000001"
        release.mkdir(parents=True)
        (release / "index.html").write_bytes(PAGE)
        (output / name).symlink_to(f".releases/{name}/000001")
        (output / ".hosts" / f"{name}.sites.localhost").symlink_to(f"../{name}")
    for folder in ("content", "data", "logs"):
        (work / folder).mkdir()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_server(program, work, port):
    return subprocess.Popen(
        [program, "--port", str(port), "--content", str(work / "content"), "--templates", str(ROOT / "Templates"), "--output",
         str(work / "output"), "--data", str(work / "data"), "--log-level", "warning"], stdout=subprocess.DEVNULL)


def start_nginx(work, port):
    configuration = work / "nginx.conf"
    configuration.write_text(f"""
daemon off; worker_processes auto; pid {work}/nginx.pid; error_log {work}/logs/error.log;
events {{ worker_connections 1024; }}
http {{
    access_log off; sendfile on; keepalive_requests 10000000; types {{ text/html html; }}
    client_body_temp_path {work}/logs; proxy_temp_path {work}/logs; fastcgi_temp_path {work}/logs; uwsgi_temp_path {work}/logs; scgi_temp_path {work}/logs;
    server {{
        listen 127.0.0.1:{port};
        root {work}/output/.hosts/$host;
        disable_symlinks on from=$document_root;
        add_header Cache-Control "public, max-age=0, must-revalidate" always;
        add_header Content-Security-Policy "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'" always;
        add_header X-Content-Type-Options nosniff always;
        add_header Referrer-Policy strict-origin-when-cross-origin always;
    }}
}}
""")
    return subprocess.Popen(["nginx", "-c", str(configuration), "-p", str(work)], stderr=subprocess.DEVNULL)


def wait_for(port):
    """Until the page is there as it should be."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
                connection.sendall(b"GET / HTTP/1.1\r\nHost: site0.sites.localhost\r\nConnection: close\r\n\r\n")
                answer = b""
                while piece := connection.recv(65536):
                    answer += piece
            if answer.startswith(b"HTTP/1.1 200") and answer.endswith(PAGE):
                return
        except OSError:
            pass
        time.sleep(0.1)
    sys.exit(f"nothing answers on port {port}")


def measure(port, seconds):
    """Requests a second, and the 99th percentile of the time for one in milliseconds."""
    text = subprocess.run(
        ["wrk", "-c", "64", "-t", "2", "-d", str(seconds), "--latency", "-H", "Host: site0.sites.localhost", f"http://127.0.0.1:{port}/"],
        check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in text or "Socket errors" in text:
        sys.exit(text)
    slow, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", text).groups()
    return float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1)), float(slow) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def resident(process):
    """MiB."""
    text = pathlib.Path(f"/proc/{process}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", text).group(1)) / 1024


def show(results, many, memory, options):
    middle = {name: (median(rate for rate, _ in runs), median(slow for _, slow in runs)) for name, runs in results.items()}
    width = max(map(len, middle))
    print(f"{os.cpu_count()} processors, a page of {len(PAGE)} bytes, 64 connections, {options.runs} × {options.seconds} s")
    print(f"| {'server':{width}} | requests/s | 99 % within |")
    print(f"|{'-' * (width + 2)}|-----------:|------------:|")
    for name, (rate, slow) in middle.items():
        print(f"| {name:{width}} | {rate:10.0f} | {slow:8.1f} ms |")
    share = middle["SignupServer"][0] / middle["nginx"][0]
    print(f"SignupServer answers {share:.0%} of nginx's requests; wanted: at least 50 %: {'yes' if share >= 0.5 else 'NO'}")
    # Two servers that are the same differ by some percent from run to run.
    share = middle[many][0] / middle["SignupServer"][0]
    print(f"with {options.sites} sites {share:.0%} of what it answers with one; wanted: no slower: {'yes' if share >= 0.95 else 'NO'}")
    print(f"it holds {memory:.0f} MiB after that")


if __name__ == "__main__":
    main()
