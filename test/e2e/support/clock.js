// Required before a command's own code: its clock is CLOCK_SHIFT_MS off.
const now = Date.now;
const shift = Number(process.env.CLOCK_SHIFT_MS);
Date.now = () => now() + shift;
