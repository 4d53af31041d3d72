"""A headless Chromium, spoken to over its DevTools protocol."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

import websocket

NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
TIMEOUT = 60


class BrowserError(Exception):
    pass


def find_chromium():
    """The browser's path: from the environment variable CHROME, else the first one that is installed."""
    found = os.environ.get("CHROME") or next(filter(None, map(shutil.which, NAMES)), None)
    if not found:
        raise BrowserError("there is no Chromium: install it, or set CHROME to its path")
    return found


class Chromium:
    """A browser with one tab. What the tab does (requests, messages, issues) is kept in `events` until the next `visit`."""

    def __init__(self):
        self.events = []
        self.number = 0
        self.profile = pathlib.Path(tempfile.mkdtemp(prefix="marquee-chromium-"))
        arguments = [
            find_chromium(), "--headless=new", "--remote-debugging-port=0", "--remote-allow-origins=*", f"--user-data-dir={self.profile}",
            "--no-first-run", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update",
            "--disable-extensions", "--disable-sync", "--force-color-profile=srgb",
            # Without it the next page of a site takes over the last one's process, which is quicker.
            "--disable-features=BackForwardCache",
            # No test may reach another machine. Chromium finds *.localhost by itself.
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1",
        ]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            arguments.append("--no-sandbox")
        self.process = subprocess.Popen(arguments + ["about:blank"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            self.socket = websocket.create_connection(self.address(), timeout=TIMEOUT, suppress_origin=True)
            self.open_tab()
        except BaseException:
            self.stop()
            raise

    def address(self):
        """Chromium writes its port and path into its profile when it listens."""
        file = self.profile / "DevToolsActivePort"
        end = time.monotonic() + TIMEOUT
        while time.monotonic() < end:
            lines = file.read_text().split("\n") if file.exists() else []
            if len(lines) == 2:
                return f"ws://127.0.0.1:{lines[0]}{lines[1]}"
            if self.process.poll() is not None:
                raise BrowserError(f"Chromium ended with {self.process.returncode}")
            time.sleep(0.02)
        raise BrowserError("Chromium does not start")

    def open_tab(self):
        self.session = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network", "Audits"):
            self.call(domain + ".enable")
        self.resize(1280, 800)

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)

    # The protocol

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        self.socket.send(json.dumps(message))
        while True:
            answer = self.receive()
            if answer.get("id") != self.number:
                continue
            if "error" in answer:
                raise BrowserError(f"{method}: {answer['error'].get('message')}")
            return answer["result"]

    def receive(self):
        message = json.loads(self.socket.recv())
        if "method" in message:
            self.events.append(message)
        return message

    def wait_for(self, is_wanted):
        """Reads until such an event has come since the last `visit` began, and gives its place."""
        end = time.monotonic() + TIMEOUT
        checked = 0
        while True:
            for index in range(checked, len(self.events)):
                if is_wanted(self.events[index]):
                    return index
            checked = len(self.events)
            if time.monotonic() > end:
                raise BrowserError("the page does not load")
            self.receive()

    # What a reader does

    def visit(self, url):
        """Loads a page and waits until all that it needs has come."""
        self.events.clear()
        answer = self.call("Page.navigate", url=url)
        if "errorText" in answer:
            raise BrowserError(f"{url}: {answer['errorText']}")
        start = self.wait_for(lambda event: event["method"] == "Page.frameNavigated" and event["params"]["frame"]["loaderId"] == answer["loaderId"])
        # What came before is the last page's, but for the request.
        self.events = [event for event in self.events[:start] if event["params"].get("loaderId") == answer["loaderId"]] + self.events[start:]
        self.wait_for(lambda event: event["method"] == "Page.loadEventFired")

    def evaluate(self, expression):
        """The value of a JavaScript expression, awaited."""
        answer = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise BrowserError(details.get("exception", {}).get("description") or details["text"])
        return answer["result"].get("value")

    def wait_until(self, expression, seconds=10):
        """Whether an expression becomes true, or an element, in time. A page that is being left is asked again when the next one is there."""
        end = time.monotonic() + seconds
        while not self.is_true(expression):
            if time.monotonic() > end:
                return False
            time.sleep(0.03)
        return True

    def is_true(self, expression):
        try:
            return self.evaluate(f"!!({expression})")
        except BrowserError as error:
            if "navigated" in str(error) or "context" in str(error):
                return False
            raise

    def resize(self, width, height=800):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def prefer(self, scheme):
        """`light` or `dark`. Nothing moves, so that no colour is caught on its way."""
        features = [{"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": "reduce"}]
        self.call("Emulation.setEmulatedMedia", features=features)

    def allow_scripts(self, allowed):
        self.call("Emulation.setScriptExecutionDisabled", value=not allowed)

    def click(self, selector):
        """Clicks in the middle of an element, as a finger does: what lies above it gets the click. Of a link over several lines, the first."""
        point = self.evaluate(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)}); e.scrollIntoView({{block: 'center', behavior: 'instant'}});"
            " const r = e.getClientRects()[0]; return [r.x + r.width / 2, r.y + r.height / 2]; })()")
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=point[0], y=point[1], button="left", clickCount=1)

    def write(self, text):
        self.call("Input.insertText", text=text)

    def press(self, key):
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key)

    def pdf(self):
        """What printing the page gives, base64."""
        return self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=True)["data"]

    # What the tab did

    def requests(self):
        """Addresses that were asked for."""
        return [event["params"]["request"]["url"] for event in self.events if event["method"] == "Network.requestWillBeSent"]

    def complaints(self, missing=None):
        """What a developer would see in red: errors, failed requests other than for `missing`, violations of the content security policy."""
        found = []
        for event in self.events:
            method, parameters = event["method"], event["params"]
            if method == "Runtime.exceptionThrown":
                found.append(parameters["exceptionDetails"].get("exception", {}).get("description") or parameters["exceptionDetails"]["text"])
            elif method == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "warning", "assert"):
                found.append(" ".join(str(argument.get("value")) for argument in parameters["args"]))
            elif method == "Log.entryAdded" and parameters["entry"]["level"] in ("error", "warning"):
                if parameters["entry"].get("url") != missing or missing is None:
                    found.append(parameters["entry"]["text"] + " " + parameters["entry"].get("url", ""))
            elif method == "Audits.issueAdded" and parameters["issue"]["code"] == "ContentSecurityPolicyIssue":
                found.append(json.dumps(parameters["issue"]["details"]))
        return found
