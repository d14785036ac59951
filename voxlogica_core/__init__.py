"""VoxLogicA: declarative medical-image analysis. Importing any part of it stays light."""
