"""The published TrajLoom architecture: fresh implementation, strict loading, ONNX export."""
