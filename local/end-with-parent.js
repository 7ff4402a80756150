// Required before the code of a child that leads a group of its own: it would outlive a parent that was killed outright. What
// it has started is in the group, and goes with it.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.kill(0, 'SIGKILL');
}, 250).unref();
