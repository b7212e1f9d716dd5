// The natives of engine.c by those of our engine, so that one bundle runs in both. Evaluated before everything else; in
// the other engine it does nothing.
const natives = globalThis.__playconnect;
if (natives !== undefined) {
  let now = 0;
  let nextTimerUs = null;
  globalThis.__now = () => now;
  globalThis.__log = (line) => natives.log(1, line);
  globalThis.__flush = () => {};
  globalThis.__op = (code, ...values) => natives.emit(code, 0, ...values.map((value) => value ?? ''));
  const deliver = (input) => {
    if (input.kind === 'mount') globalThis.__event('{"start":1}');
    else if (input.kind === 'event') globalThis.__event(JSON.stringify({ id: input.target, type: input.type }));
  };
  natives.guest = {
    init() {},
    turn(nowUs, inputs) {
      now = nowUs / 1000;
      for (const input of inputs) deliver(input);
    },
    pump() {
      const next = globalThis.__tick();
      nextTimerUs = next >= 0 ? next * 1000 : null;
      return next === 0;
    },
    finish: () => ({ lane: 2, nextTimerUs, animationFrame: false, requests: [] }),
    restored() {},
  };
}
