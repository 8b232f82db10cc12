"""Web server of a production installation; nginx or another proxy stands before it."""

import multiprocessing
import os

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_WORKERS", 2 * multiprocessing.cpu_count() + 1))
threads = 4
timeout = 60
graceful_timeout = 30
max_requests = 5000
max_requests_jitter = 500
# The proxy's address, or * inside a compose network where nothing else can reach the port.
forwarded_allow_ips = os.environ.get("PROXY_ADDRESSES", "127.0.0.1")
# Nobody manages the running server through it, and its place is not writable.
control_socket_disable = True
