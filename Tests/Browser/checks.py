"""What is checked on any page in a Chromium, of a site or of the platform."""
import importlib.resources
import json

AXE = (importlib.resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Elements with text of their own that reach past the edge of the window, where nothing scrolls or clips them on purpose.
STICKING_OUT = """(() => {
    const width = document.documentElement.clientWidth, found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const sticksOut = range => {
        const box = range.getBoundingClientRect();
        return box.width > 1 && (box.right > width + 1 || box.left < -1);
    };
    // Word by word, because spaces at the end of a line may hang over without harm.
    const words = (node, range) => [...node.data.matchAll(/\\S+/g)].filter(({0: word, index}) => {
        range.setStart(node, index);
        range.setEnd(node, index + word.length);
        return sticksOut(range);
    });
    const inside = element => element && element.tagName != 'MAIN' && element.tagName != 'BODY'
        && (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(element).overflowX) || inside(element.parentElement));
    while (walker.nextNode()) {
        const node = walker.currentNode, range = document.createRange();
        if (!node.data.trim() || inside(node.parentElement)) continue;
        range.selectNodeContents(node);
        if (sticksOut(range)) found.push(...words(node, range).map(([word]) => word));
    }
    const root = document.documentElement.scrollWidth;
    if (root > width) found.push('the page is ' + root + ' wide');
    return found;
})()"""


def axe_problems(browser):
    """What axe finds on the page that is open, on a phone and on a laptop, light and dark: a line for each, with where."""
    browser.evaluate(AXE + "; 0")
    problems = {}
    for width in (390, 1280):
        browser.resize(width, 844)
        for scheme in ("light", "dark"):
            browser.prefer(scheme)
            options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"], "elementRef": False}
            for violation in browser.evaluate(f"axe.run(document, {json.dumps(options)}).then(r => r.violations)"):
                for node in violation["nodes"]:
                    why = node["failureSummary"].split("\n")[1].strip()
                    problems.setdefault(f"{violation['id']}: {node['html'][:200]}: {why}", []).append(f"{width} {scheme}")
    return [f"{problem} ({', '.join(where)})" for problem, where in problems.items()]
