def test_p(page):
    for a in ("/", "/gene/PSMB5", "/compound/bortezomib", "/data", "/help", "/nope", "/gene/zzzz", "/compound/etc-passwd?map=hostile"):
        page.goto(a)
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(500)
        page.screenshot(path=f"/tmp/shot{a.replace('/','_')[:20]}.png")
        print(a, page.title(), page.url)
