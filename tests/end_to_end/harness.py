# SPDX-License-Identifier: MIT
"""What the end-to-end tests stand on: the built program, and real servers on 127.0.0.1.

Every server gets a free port, a folder of its own and is stopped by process id; tests run beside each other.
Programs that are not installed make a test skip, saying so.
"""
import base64
import http.client
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("DANDELION", str(SOURCE / "build" / "dev" / "bin" / "dandelion"))
SHARED = SOURCE.parent / "shared"
os.environ["PATH"] += os.pathsep + "/usr/sbin" + os.pathsep + "/sbin"


def program(name):
    found = shutil.which(name)
    if not found:
        raise unittest.SkipTest(f"{name} is not installed")
    return found


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def alive_in_group(group):
    """The process ids of a process group, without those that only wait to be reaped."""
    found = []
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, its_group = stat.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue  # it ended just now
        if int(its_group) == group and state != "Z":
            found.append(int(stat.parent.name))
    return found


def wait_for_port(port, process, seconds=15):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process is not None and process.poll() is not None:
            raise AssertionError(f"server ended with {process.returncode} before it listened on {port}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError(f"nothing listens on port {port} after {seconds} s")


class EndToEnd(unittest.TestCase):
    """A temporary folder, the program, and servers that stop with the test."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="dandelion-test-"))
        # nginx, squid and fcgiwrap drop to another user when the tests run as root.
        self.folder.chmod(0o755)
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    # -- the program

    def dandelion(self, *arguments, stdin=None, env=None, expect=None, timeout=120):
        environment = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
        environment.update(env or {})
        run = subprocess.run([BINARY, *map(str, arguments)], cwd=self.folder, env=environment, timeout=timeout,
                             input=stdin, capture_output=True, text=not isinstance(stdin, bytes))
        if expect is not None:
            self.assertEqual(run.returncode, expect, f"{arguments}\nstdout: {run.stdout}\nstderr: {run.stderr}")
        return run

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    # -- git

    def git(self, *arguments, check=True, env=None, **options):
        environment = dict(os.environ, GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_SYSTEM="/dev/null",
                           GIT_TERMINAL_PROMPT="0", HOME=str(self.folder), **(env or {}))
        run = subprocess.run(["git", "-c", "safe.directory=*", *map(str, arguments)], env=environment,
                             capture_output=True, text=True, **options)
        if check and run.returncode != 0:
            raise AssertionError(f"git {arguments}: {run.stderr}")
        return run.stdout

    def bare(self, name):
        path = self.folder / name
        self.git("init", "--quiet", "--bare", "--initial-branch=main", path)
        return path

    def head(self, repository):
        return self.git("-C", repository, "rev-parse", "--verify", "-q", "refs/heads/main", check=False).strip()

    def files_in(self, repository, ours=False):
        """The files that readers are meant to see; with `ours` those under .dandelion/ too."""
        names = self.git("-C", repository, "-c", "core.quotepath=off", "ls-tree", "-r", "--name-only", "main").split("\n")[:-1]
        return [name for name in names if ours or not name.startswith(".dandelion/")]

    def show(self, repository, path):
        run = subprocess.run(["git", "-c", "safe.directory=*", "-C", repository, "show", f"main:{path}"],
                             capture_output=True, check=True)
        return run.stdout

    def assert_sound(self, repository):
        self.git("-C", repository, "fsck", "--strict", "--no-dangling")

    # -- servers

    def start(self, arguments, port=None, **options):
        log = open(self.folder / f"server-{free_port()}.log", "wb")
        self.addCleanup(log.close)
        process = subprocess.Popen(list(map(str, arguments)), stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                                   start_new_session=True, **options)
        self.addCleanup(self.stop, process)
        if port is not None:
            wait_for_port(port, process)
        return process

    @staticmethod
    def stop(process):
        """Ends the process, and where it leads a process group, as servers of start() do, all that it left there."""
        if process.poll() is not None:
            return
        is_leader = os.getpgid(process.pid) == process.pid
        process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + 5
        # Not reaped yet: as long as it is a zombie, nobody else can get its number, nor the group.
        while os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            if time.monotonic() > deadline:
                process.kill()
            time.sleep(0.01)
        if is_leader:
            os.killpg(process.pid, signal.SIGKILL)
            # A signal is on its way when kill() returns: what follows must not meet a process that still ends.
            while alive_in_group(process.pid) and time.monotonic() < deadline + 5:
                time.sleep(0.01)
        process.wait()

    def nginx(self, server_block, port=None):
        """Starts nginx with the given inside of a server {} block; returns its port."""
        port = port or free_port()
        home = self.folder / f"nginx-{port}"
        for name in ("body", "proxy", "fastcgi", "uwsgi", "scgi"):
            (home / name).mkdir(parents=True)
        user = "user root;" if os.geteuid() == 0 else ""
        (home / "nginx.conf").write_text(f"""
            daemon off; master_process off; pid {home}/pid; error_log {home}/error.log; {user}
            events {{ worker_connections 256; }}
            http {{
              access_log {home}/access.log; default_type text/html; client_max_body_size 0;
              types {{ text/html html htm; text/css css; image/png png; }}
              client_body_temp_path {home}/body; proxy_temp_path {home}/proxy; fastcgi_temp_path {home}/fastcgi;
              uwsgi_temp_path {home}/uwsgi; scgi_temp_path {home}/scgi;
              server {{ listen 127.0.0.1:{port}; {server_block} }}
            }}""")
        self.start([program("nginx"), "-c", home / "nginx.conf", "-p", home, "-e", home / "error.log"], port)
        return port

    def requests_to(self, port):
        """The request lines that nginx on this port has logged."""
        log = self.folder / f"nginx-{port}" / "access.log"
        # A request is logged only after its answer has gone out: what we ask now is logged after all before it.
        self.marks = getattr(self, "marks", 0) + 1
        mark = f"/.mark-{self.marks}"
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", mark)
            connection.getresponse().read()
            connection.close()
            deadline = time.monotonic() + 5
            while f"GET {mark} " not in log.read_text() and time.monotonic() < deadline:
                time.sleep(0.005)
        except (OSError, http.client.HTTPException):
            pass  # it was stopped: all is written
        return [line.split('"')[1] for line in log.read_text().splitlines() if '"GET /.mark-' not in line]

    def git_server(self, repositories, user="mirror", token="s3cret-t0ken", prefix=()):
        """git's own http-backend behind nginx, with basic auth, started by the command `prefix`; returns its port."""
        program("fcgiwrap")
        backend = pathlib.Path(self.git("--exec-path").strip()) / "git-http-backend"
        if not backend.exists():
            raise unittest.SkipTest("git-http-backend is not installed")
        path = self.folder / f"fcgi-{free_port()}.sock"
        self.start([*prefix, program("fcgiwrap"), "-c", "4", "-s", f"unix:{path}"],
                   env=dict(os.environ, GIT_CONFIG_COUNT="1", GIT_CONFIG_KEY_0="safe.directory", GIT_CONFIG_VALUE_0="*"))
        while not path.exists():
            time.sleep(0.02)
        crypted = subprocess.run(["openssl", "passwd", "-apr1", token], capture_output=True, text=True, check=True)
        passwords = self.write("htpasswd", f"{user}:{crypted.stdout.strip()}\n")
        return self.nginx(f"""
            location ~ ^/.*\\.git/ {{
              auth_basic "mirrors"; auth_basic_user_file {passwords};
              fastcgi_pass unix:{path}; include /etc/nginx/fastcgi_params;
              fastcgi_param SCRIPT_FILENAME {backend}; fastcgi_param GIT_PROJECT_ROOT {repositories};
              fastcgi_param GIT_HTTP_EXPORT_ALL ""; fastcgi_param PATH_INFO $uri;
              fastcgi_param REMOTE_USER $remote_user;
            }}""")

    def microsocks(self, user=None, password=None):
        port = free_port()
        credentials = ["-u", user, "-P", password] if user else []
        self.start([program("microsocks"), "-i", "127.0.0.1", "-p", port, *credentials], port)
        return port

    def squid(self):
        port = free_port()
        home = self.folder / f"squid-{port}"
        home.mkdir()
        home.chmod(0o777)
        (home / "squid.conf").write_text(f"""
            http_port 127.0.0.1:{port}
            acl all_methods method CONNECT GET POST HEAD
            http_access allow all
            cache deny all
            access_log stdio:{home}/access.log
            cache_log {home}/cache.log
            pid_filename {home}/pid
            coredump_dir {home}
            shutdown_lifetime 0 seconds
            visible_hostname proxy.test
            dns_v4_first on
        """)
        self.start([program("squid"), "-N", "-f", home / "squid.conf", "-n", f"dandelion{port}"], port)
        self.squid_log = home / "access.log"
        return port


class Authority:
    """A certificate authority of the test's own."""

    def __init__(self, test, name="authority"):
        self.test, self.name = test, name
        self.file = test.folder / f"{name}.pem"
        self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                     "-subj", f"/CN=Test {name}", "-keyout", test.folder / f"{name}.key", "-out", self.file)

    def openssl(self, *arguments):
        run = subprocess.run([program("openssl"), *map(str, arguments)], capture_output=True, text=True)
        self.test.assertEqual(run.returncode, 0, run.stderr)

    def sign(self, name, alternative, days=2):
        """The nginx lines for a certificate and key; a negative number of days makes one that has expired."""
        base = self.test.folder / f"{self.name}-{name}"
        extensions = self.test.write(f"{self.name}-{name}.ext", f"subjectAltName={alternative}\n")
        self.openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", f"/CN={name}",
                     "-keyout", f"{base}.key", "-out", f"{base}.csr")
        self.openssl("x509", "-req", "-in", f"{base}.csr", "-CA", self.file, "-CAkey",
                     self.test.folder / f"{self.name}.key", "-CAcreateserial", "-days", days, "-extfile", extensions,
                     "-out", f"{base}.pem")
        return f"ssl_certificate {base}.pem; ssl_certificate_key {base}.key;"


    def front(self, port):
        """The port of an nginx that speaks TLS with a certificate for 127.0.0.1 and hands on to another port."""
        tls = free_port()
        self.test.nginx(f"listen 127.0.0.1:{tls} ssl; {self.sign(f'front-{tls}', 'IP:127.0.0.1')} "
                        f"location / {{ client_max_body_size 0; proxy_pass http://127.0.0.1:{port}; }}")
        return tls


def basic_auth(user, token):
    return "Basic " + base64.b64encode(f"{user}:{token}".encode()).decode()
