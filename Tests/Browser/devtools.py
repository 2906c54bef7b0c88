"""A headless Chromium, spoken to in the Chrome DevTools protocol over a pair of pipes. Needs nothing but Python."""
import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]
PATIENCE = 120


def executable():
    """The browser that is installed, or that the variable CHROMIUM names; none if there is none."""
    named = os.environ.get("CHROMIUM")
    return named or next((found for found in map(shutil.which, NAMES) if found), None)


class Browser:
    """One process without a window, a profile of its own and no way to any host."""

    def __init__(self, path):
        self.profile = tempfile.mkdtemp(prefix="fundwatch-browser-")
        to_read, self.outgoing = os.pipe()
        self.incoming, to_write = os.pipe()
        flags = [
            "--headless=new", "--remote-debugging-pipe", f"--user-data-dir={self.profile}", "--disable-gpu", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
            "--hide-scrollbars", "--host-resolver-rules=MAP * ~NOTFOUND",
        ] + (["--no-sandbox"] if os.geteuid() == 0 else [])

        def place():  # the protocol's descriptors are 3 and 4; copies first, in case a pipe's own number is one of these
            first, second = os.dup(to_read), os.dup(to_write)
            os.dup2(first, 3)
            os.dup2(second, 4)

        self.process = subprocess.Popen([path, *flags, "about:blank"], preexec_fn=place, close_fds=False,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(to_write)
        self.buffer, self.number, self.events = bytearray(), 0, []

    def call(self, method, session=None, **parameters):
        """The answer to one call; what happens meanwhile is kept in `events`."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.outgoing, data):]
        limit = time.monotonic() + PATIENCE
        while True:
            answer = self.next_message(limit)
            if answer is None:
                raise TimeoutError(f"no answer to {method} in {PATIENCE} s")
            if answer.get("id") != message["id"]:
                self.events.append(answer)
            elif "error" in answer:
                raise RuntimeError(f"{method}: {answer['error']['message']}")
            else:
                return answer["result"]

    def next_message(self, limit):
        """The next message, none if the time is over."""
        while b"\0" not in self.buffer:
            left = limit - time.monotonic()
            if left <= 0 or not select.select([self.incoming], [], [], left)[0]:
                return None
            piece = os.read(self.incoming, 1 << 20)
            if not piece:
                raise ConnectionError("the browser has ended")
            self.buffer += piece
        message, _, self.buffer = self.buffer.partition(b"\0")
        return json.loads(message)

    def close(self):
        try:
            self.call("Browser.close")
            self.process.wait(20)
        except (OSError, RuntimeError, ConnectionError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()
        os.close(self.outgoing)
        os.close(self.incoming)
        shutil.rmtree(self.profile, ignore_errors=True)


class Page:
    """A tab with one page, and all that its console and its network had to say."""

    def __init__(self, browser, url, width=1280, height=900, scripts=True, is_phone=False):
        self.browser, self.url = browser, url
        self.target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=self.target, flatten=True)["sessionId"]
        for domain in ["Page", "Runtime", "Log", "Network", "DOM"]:
            self.call(f"{domain}.enable")
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=is_phone)
        if not scripts:
            self.call("Emulation.setScriptExecutionDisabled", value=True)
        error = self.call("Page.navigate", url=url).get("errorText")
        if error:
            raise RuntimeError(f"{url}: {error}")
        limit = time.monotonic() + PATIENCE
        while self.value("location.href=='about:blank'||document.readyState!='complete'"):
            if time.monotonic() > limit:
                raise TimeoutError(f"{url} is not there after {PATIENCE} s")
            time.sleep(0.05)

    def call(self, method, **parameters):
        return self.browser.call(method, self.session, **parameters)

    def value(self, expression):
        """What an expression of JavaScript gives; also where the page's own scripts are switched off."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{expression}: {answer['exceptionDetails']['exception'].get('description')}")
        return answer["result"].get("value")

    def click(self, element):
        """Presses the mouse in the middle of the element that an expression gives."""
        x, y = self.value(
            f"(()=>{{const e={element};e.scrollIntoView({{block:'center',inline:'center',behavior:'instant'}});"
            "const b=e.getBoundingClientRect();return [b.left+b.width/2,b.top+b.height/2]})()")
        for kind in ["mousePressed", "mouseReleased"]:
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def type(self, text):
        """Types into what has the focus."""
        for letter in text:
            self.call("Input.dispatchKeyEvent", type="keyDown", text=letter, key=letter)
            self.call("Input.dispatchKeyEvent", type="keyUp", key=letter)

    def press(self, key, code):
        for kind in ["rawKeyDown", "keyUp"]:
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code)

    def pdf(self):
        return base64.b64decode(self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=True)["data"])

    def picture(self):
        return base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"])

    def troubles(self):
        """Errors and warnings of the console, and requests for anything but the page itself."""
        self.value("0")  # whatever was on its way is here now
        found = []
        for event in self.browser.events:
            if event.get("sessionId") != self.session:
                continue
            method, parameters = event["method"], event["params"]
            if method == "Runtime.exceptionThrown":
                details = parameters["exceptionDetails"]
                found.append("exception: " + details.get("exception", {}).get("description", details["text"]))
            elif method == "Runtime.consoleAPICalled" and parameters["type"] in ["error", "warning", "assert"]:
                found.append("console: " + " ".join(str(value.get("value")) for value in parameters["args"]))
            elif method == "Log.entryAdded" and parameters["entry"]["level"] in ["error", "warning"]:
                found.append("log: " + parameters["entry"]["text"])
            elif method == "Network.requestWillBeSent":
                asked = parameters["request"]["url"]
                if asked != self.url and not asked.startswith("data:"):
                    found.append("request: " + asked)
            elif method == "Page.javascriptDialogOpening":
                found.append("dialog: " + parameters["message"])
                self.call("Page.handleJavaScriptDialog", accept=False)
        return found

    def close(self):
        self.browser.call("Target.closeTarget", targetId=self.target)
