// Hands a file made in Python to the person, as the browser saves any other.

export default {
  render({ model, el: root }) {
    connect(model, root, (message, buffers) => {
      if (message.kind !== "file") return;
      const address = URL.createObjectURL(new Blob([buffers[0]], { type: message.media_type }));
      const link = el("a", { href: address, download: message.name });
      root.append(link);
      link.click();
      link.remove();
      setTimeout(() => URL.revokeObjectURL(address), 60000);
    });
  },
};
