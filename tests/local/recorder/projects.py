"""Small Pulumi projects in a folder of the test's."""

from pathlib import Path

from local.stack_file import StackConfig, read_stack


def project(directory: Path, program: str, config: str = "") -> StackConfig:
    """Write a project, or write it again, and read its stack."""
    (directory / "Pulumi.yaml").write_text("name: gatelink\nruntime: python\n", encoding="utf-8")
    (directory / "Pulumi.dev.yaml").write_text(f"config:\n  aws:region: eu-west-1\n{config}", encoding="utf-8")
    (directory / "__main__.py").write_text(program, encoding="utf-8")
    return read_stack(directory, "dev")
