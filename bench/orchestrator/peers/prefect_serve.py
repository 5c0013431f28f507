"""The process that runs deployments: it asks the server for due runs and starts a process for each."""

from prefect import serve
from prefect_flows import chain, fan_out

if __name__ == "__main__":
    serve(chain.to_deployment("bench"), fan_out.to_deployment("bench"))
