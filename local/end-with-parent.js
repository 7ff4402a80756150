// Required before a child's own code: a child in a group of its own would outlive a parent that was killed outright.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.exit(1);
}, 500).unref();
